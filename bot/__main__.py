"""`python -m bot` is `guideline-bot`."""

from bot.cli.main import run

if __name__ == "__main__":
    run()
