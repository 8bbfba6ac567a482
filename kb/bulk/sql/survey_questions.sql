-- The questions that are answered in more than one way, numbered; what is only called possible does not count.
SELECT ROW_NUMBER() OVER (ORDER BY property, kind, subject, object, than) AS question,
       property, kind, subject, object, than, hedged
FROM (
    SELECT property, kind, subject, object, than, SUM(hedged) AS hedged
    FROM surveyed
    GROUP BY property, kind, subject, object, than
    HAVING MIN(CASE WHEN hedged = 0 THEN answer END) <> MAX(CASE WHEN hedged = 0 THEN answer END)
) asked
