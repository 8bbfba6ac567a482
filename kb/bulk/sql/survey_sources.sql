-- Every source of a surveyed claim, numbered.
SELECT ROW_NUMBER() OVER (ORDER BY source) AS number, source
FROM (SELECT DISTINCT source FROM surveyed WHERE hedged = 0) known
