"""The few names of LangChain that tools need, where it is not installed."""
