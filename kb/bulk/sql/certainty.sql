-- S005: a document states flatly what somebody else leaves open.
SELECT topic, family, cluster FROM placed
WHERE compared = 1 AND kind = 'statement' AND duty = 'none'
GROUP BY topic, family, cluster, property, object, polarity
HAVING MIN(source) <> MAX(source)
   AND MAX(CASE WHEN certainty = 'asserted' AND role = 'claim' AND attribution = 'author' THEN 1 ELSE 0 END) = 1
   AND MAX(CASE WHEN certainty = 'possible' OR (certainty = 'probable' AND said_negated = 1) THEN 1 ELSE 0 END) = 1
