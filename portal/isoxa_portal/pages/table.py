"""Every page of the portal but lessons and quizzes, area by area."""

from __future__ import annotations

from ..routes import Route
from ..workshop import workshop_pages
from .accounts import account_pages
from .admin import admin_pages
from .assignments import assignment_pages
from .audit_log import audit_pages
from .certificate_admin import certificate_admin_pages
from .certificate_check import certificate_check_pages
from .certificates import certificate_pages
from .code_sheet import code_pages
from .enrolment import enrolment_pages
from .grading import grading_pages
from .hand_in_grants import grant_pages
from .hand_ins import hand_in_pages
from .item_analysis import item_analysis_pages
from .learners import learner_pages
from .login import login_pages
from .my_data import my_data_pages
from .officer import officer_pages
from .person_data import person_data_pages
from .reminders import reminder_pages
from .report import report_pages
from .report_effect import effect_pages
from .report_papers import paper_pages
from .requests_page import request_pages
from .roster import roster_pages
from .sign_ins import sign_in_pages
from .support import support_pages
from .way_in import way_in_pages
from .work_products import work_product_pages

__all__ = ["pages"]


def pages() -> list[Route]:
    """The routes, each with who may open it."""
    return [
        *login_pages(),
        *way_in_pages(),
        *my_data_pages(),
        *officer_pages(),
        *certificate_pages(),
        *certificate_check_pages(),
        *certificate_admin_pages(),
        *work_product_pages(),
        *assignment_pages(),
        *report_pages(),
        *paper_pages(),
        *effect_pages(),
        *item_analysis_pages(),
        *enrolment_pages(),
        *learner_pages(),
        *reminder_pages(),
        *grading_pages(),
        *support_pages(),
        *hand_in_pages(),
        *grant_pages(),
        *admin_pages(),
        *account_pages(),
        *person_data_pages(),
        *code_pages(),
        *request_pages(),
        *sign_in_pages(),
        *audit_pages(),
        *roster_pages(),
        *workshop_pages(),
    ]
