-- Every scope that a surveyed claim has, as text, numbered.
SELECT ROW_NUMBER() OVER (ORDER BY scope) AS number, scope
FROM (SELECT DISTINCT scope FROM surveyed WHERE hedged = 0) known
