"""``python -m isoxa_portal.cli``: the command of the very Python that runs, wherever its programs lie."""

from .app import main

if __name__ == "__main__":
    main()
