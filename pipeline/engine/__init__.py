"""Where the work on chunks is done: here, in processes of this machine, or on a cluster; the answer is the same."""
