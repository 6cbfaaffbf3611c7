"""`python -m app.simulator --port N --data PATH [--limits real|off] [--host 127.0.0.1] [--webhook-url URL]`."""

import argparse
import signal
import sys
from types import FrameType

from app.simulator.doors import EXTENSION
from app.simulator.factory import create_simulator
from app.simulator.server import make_threaded_server
from app.simulator.world import World


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.simulator", description="A stateful fake Intuit.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--data", required=True, help="path of the SQLite file that keeps the state")
    parser.add_argument("--limits", choices=("real", "off"), default="real", help="Intuit's rate limits")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--webhook-url", help="where webhooks of both environments go")
    return parser.parse_args()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Serve until interrupted."""
    wanted = _arguments()
    application = create_simulator(
        wanted.data, limits=wanted.limits == "real", webhook_url=wanted.webhook_url, sender=True
    )
    server = make_threaded_server(application, wanted.host, wanted.port)
    signal.signal(signal.SIGTERM, _stop)
    sys.stdout.write(f"listening on http://{wanted.host}:{server.server_port}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        world = application.extensions[EXTENSION]
        if isinstance(world, World):
            world.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
