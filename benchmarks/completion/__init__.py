"""Completion of the whole country, measured: 3,321 real communes, 60 made-up officers each, six quizzes.

``models`` has a few officers go through the course by the real services; ``country`` gives everybody else the rows of
one of them, by SQL, and compares a sample; ``export`` runs stock nbgrader; ``__main__`` measures.
"""
