"""What runs inside a worker process: talk with the server, and people's components."""
