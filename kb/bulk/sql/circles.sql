-- C004: a circle passes through three things that come out above something.
SELECT topic, family, cluster FROM placed
WHERE compared = 1 AND kind = 'comparison' AND relation IN ('greater', 'less')
GROUP BY topic, family, cluster, property
HAVING COUNT(DISTINCT CASE WHEN relation = 'greater' THEN subject ELSE than END) >= 3
