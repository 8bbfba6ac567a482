-- The answers that claims on each property give, numbered, with what their text is made of.
SELECT ROW_NUMBER() OVER (ORDER BY property, kind, answer) AS number, property, kind, answer, form, exact, bound, unit,
       class
FROM (
    SELECT property, kind, answer, MIN(form) AS form, MIN(exact) AS exact, MIN(bound) AS bound, MIN(unit) AS unit,
           MIN(class) AS class
    FROM surveyed WHERE hedged = 0
    GROUP BY property, kind, answer
) given
