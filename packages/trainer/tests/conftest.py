"""One thread for every test: the numbers of sums depend on how many there are, and the machine has others to serve."""

import torch

torch.set_num_threads(1)
