-- S004: of a property with one answer only, two are given.
SELECT topic, family, cluster FROM placed
WHERE compared = 1 AND exclusive = 1 AND kind = 'statement' AND polarity = 'affirmed' AND duty = 'none' AND object <> ''
GROUP BY topic, family, cluster, property
HAVING MIN(object) <> MAX(object)
