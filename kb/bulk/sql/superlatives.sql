-- S007: something is put first, and there is a denial, a ranking or another first.
SELECT topic, family, cluster FROM placed
WHERE compared = 1
GROUP BY topic, family, cluster
HAVING MAX(CASE WHEN strength = 'superlative' THEN 1 ELSE 0 END) = 1
   AND (MAX(CASE WHEN polarity = 'negated' OR kind = 'comparison' THEN 1 ELSE 0 END) = 1
        OR SUM(CASE WHEN strength = 'superlative' THEN 1 ELSE 0 END) > 1)
