"""What is measured: our parsing, a function in this process, the stack in the local AWS."""
