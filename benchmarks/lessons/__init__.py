"""Opening lessons: stock Voilà, our portal and Solara on the same notebook, in one run.

``wire`` what goes over a websocket · ``visit`` one open by a lean client · ``crowd`` many at once · ``processes``
memory and processor time of a server · ``servers`` the three · ``officers`` the portal's data folder · ``solara_app``
the notebook as a Solara app · ``browser`` what Chromium sees · ``soak`` ten minutes of clicks · ``report`` the figures.
"""
