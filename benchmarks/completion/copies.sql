-- A model's rows under an officer's own ids; DAY(), MOMENT() and ATTEMPT() are put into each database's words.
-- Parts are divided by a line of its own that ends the statement.

INSERT INTO enrolment (id, person_id, edition_id, enrolled_at, due_on, source)
SELECT made.enrolment_id, made.person_id, e.edition_id, MOMENT(e.enrolled_at), DAY(e.due_on), e.source
FROM made JOIN enrolment e ON e.person_id = made.model
ORDER BY made.enrolment_id
;

INSERT INTO training_fact (enrolment_id, kind, subject, source_id, "on", value, recorded_at)
SELECT made.enrolment_id, f.kind, f.subject,
  CASE WHEN length(f.source_id) >= 32 THEN ATTEMPT(f.source_id) ELSE f.source_id END,
  DAY(f."on"), DAY(f.value), MOMENT(f.recorded_at)
FROM made JOIN enrolment e ON e.person_id = made.model JOIN training_fact f ON f.enrolment_id = e.id
ORDER BY made.enrolment_id, f.id
;

INSERT INTO attempt (id, enrolment_id, quiz, quiz_version_id, number, round, seed, drawn, status, started_at,
  deadline_at, submitted_at, graded_at, points, max_points, passed, result_seen_at)
SELECT ATTEMPT(a.id), made.enrolment_id, a.quiz, a.quiz_version_id, a.number, a.round, a.seed, a.drawn, a.status,
  MOMENT(a.started_at), MOMENT(a.deadline_at), MOMENT(a.submitted_at), MOMENT(a.graded_at), a.points, a.max_points,
  a.passed, MOMENT(a.result_seen_at)
FROM made JOIN enrolment e ON e.person_id = made.model JOIN attempt a ON a.enrolment_id = e.id
ORDER BY made.enrolment_id
;

INSERT INTO slot_score (attempt_id, slot, round, revision, points, max_points, source, grader_account_id, comment,
  reason, rubric, at)
SELECT ATTEMPT(s.attempt_id), s.slot, s.round, s.revision, s.points, s.max_points, s.source, s.grader_account_id,
  s.comment, s.reason, s.rubric, MOMENT(s.at)
FROM made JOIN enrolment e ON e.person_id = made.model JOIN attempt a ON a.enrolment_id = e.id
JOIN slot_score s ON s.attempt_id = a.id
WHERE made.scored
ORDER BY made.enrolment_id
;

INSERT INTO enrolment_standing (person_id, edition_id, enrolment_id, current, state, lapsed_state, valid_until,
  due_on, completed_on, last_completed_on, waiting, done, last_activity, last_fact_on)
SELECT made.person_id, s.edition_id, made.enrolment_id, s.current, s.state, s.lapsed_state, DAY(s.valid_until),
  DAY(s.due_on), DAY(s.completed_on), DAY(s.last_completed_on), s.waiting, s.done, DAY(s.last_activity),
  DAY(s.last_fact_on)
FROM made JOIN enrolment_standing s ON s.person_id = made.model
ORDER BY made.person_id
;
