-- C001: two rankings of the same two things, seen from one side, differ.
SELECT DISTINCT topic, family, cluster FROM (
    SELECT topic, family, cluster, property, upper, lower FROM (
        SELECT f.topic, f.family, f.cluster, f.property, f.subject || ' ' || f.than || ' ' || f.relation AS ranking,
               CASE WHEN COALESCE(s.family, f.subject) <= COALESCE(t.family, f.than)
                    THEN COALESCE(s.family, f.subject) ELSE COALESCE(t.family, f.than) END AS upper,
               CASE WHEN COALESCE(s.family, f.subject) <= COALESCE(t.family, f.than)
                    THEN COALESCE(t.family, f.than) ELSE COALESCE(s.family, f.subject) END AS lower,
               CASE WHEN COALESCE(s.family, f.subject) <= COALESCE(t.family, f.than)
                         OR f.relation NOT IN ('greater', 'less') THEN f.relation
                    WHEN f.relation = 'greater' THEN 'less' ELSE 'greater' END AS relation
        FROM placed f
        LEFT JOIN kb_kin s ON s.concept = f.subject
        LEFT JOIN kb_kin t ON t.concept = f.than
        WHERE f.compared = 1 AND f.kind = 'comparison'
    ) turned
    GROUP BY topic, family, cluster, property, upper, lower
    HAVING MIN(relation) <> MAX(relation) OR (upper = lower AND MIN(ranking) <> MAX(ranking))
) x
