"""Is the house alive: for load balancers and monitoring, without sign-in."""
