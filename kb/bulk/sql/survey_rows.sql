-- The surveyed claims as four numbers each: all that the counting reads.
SELECT q.question, a.number AS answer, s.number AS scope, o.number AS source
FROM surveyed r
JOIN survey_questions q ON q.property = r.property AND q.kind = r.kind AND q.subject = r.subject
     AND q.object = r.object AND q.than = r.than
JOIN survey_answers a ON a.property = r.property AND a.kind = r.kind AND a.answer = r.answer
JOIN survey_scopes s ON s.scope = r.scope
JOIN survey_sources o ON o.source = r.source
WHERE r.hedged = 0
ORDER BY q.question
