-- S003: something ought or ought not to be done, and something else is said of the same property.
SELECT topic, family, cluster FROM placed
WHERE compared = 1 AND kind = 'statement'
GROUP BY topic, family, cluster, property
HAVING MAX(CASE WHEN duty <> 'none' THEN 1 ELSE 0 END) = 1
   AND MIN(object || ' ' || duty || ' ' || polarity) <> MAX(object || ' ' || duty || ' ' || polarity)
