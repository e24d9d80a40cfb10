"""The local AWS, the stand-in SMS gateway and the demo; never deployed."""
