-- For every new claim, the claims on record that it clashes with most likely: on properties, subjects and objects that
-- detectors set against each other (loosely linked properties on any object), answers apart first, the nearest in
-- question and scope first.
WITH met AS (
    SELECT f.own, h.id, h.source, h.cell, h.hedged, h.weight,
           p.far + s.far + CASE WHEN h.object = f.object THEN 0 ELSE 1 END AS far,
           CASE WHEN h.setting = f.setting THEN 0 ELSE 1 END AS elsewhere,
           CASE WHEN p.far = 0 AND h.high >= f.low AND h.low <= f.high AND h.object = f.object
                     AND h.class = f.class AND h.duty = f.duty AND h.strength = f.strength AND h.certainty = f.certainty
                THEN 1 ELSE 0 END AS meets
    FROM fresh f
    JOIN fresh_property p ON p.own = f.own
    JOIN fresh_subject s ON s.own = f.own
    JOIN opponents h ON h.property = p.property AND h.subject = s.subject
    LEFT JOIN fresh_object o ON o.own = f.own AND o.object = h.object
    WHERE h.source <> f.source AND (p.loose = 1 OR o.own IS NOT NULL)
),
turns AS (
    SELECT m.*, ROW_NUMBER() OVER (
               PARTITION BY own, cell ORDER BY meets, elsewhere, hedged, weight DESC, id) AS turn
    FROM met m
)
SELECT own, id, source FROM (
    SELECT t.*, ROW_NUMBER() OVER (
               PARTITION BY own ORDER BY meets, far, elsewhere, turn, hedged, weight DESC, id) AS place
    FROM turns t WHERE turn <= 4
) x
WHERE place <= 8
ORDER BY own, place
