"""What the PyTorch peers share: the card, and how precisely it multiplies matrices."""

import peer

torch = peer.require("torch")


def add_options(parser):
    parser.add_argument("--tf32", action="store_true", help="round the inputs of products to TF32, else never")


def is_there(tf32):
    """Whether there is a card, made ready; where there is none, that has been reported to the harness."""
    if not torch.cuda.is_available():
        peer.tell({"absent": f"PyTorch {torch.__version__} finds no CUDA device"})
        return False
    # Two libraries, two switches whose defaults differ: nn.RNN runs on cuDNN, linear layers and `@` on cuBLAS.
    torch.backends.cudnn.allow_tf32 = tf32
    torch.backends.cuda.matmul.allow_tf32 = tf32
    return True
