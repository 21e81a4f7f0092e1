"""The few modules behind the many names of `lfx`."""
