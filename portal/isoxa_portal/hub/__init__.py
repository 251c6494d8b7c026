"""The portal and a JupyterHub, with one set of accounts: isoxa's.

- In the Hub's process: `authenticator` checks isoxa's names and passwords, `spawner` gives trainers a JupyterLab,
  `configuration` sets a Hub up with both. They import jupyterhub (the extra ``hub``).
- In the portal's process, which the Hub knows as a service: `service` speaks to the Hub, `identity` is the portal's
  `Identity` that goes by who is signed in there, `pages` lead to the Hub and take those who come back.

An officer has no server of their own at the Hub; their page is the portal's.
"""
