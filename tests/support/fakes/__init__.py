"""Other people's services on loopback, with every fault they are known for."""
