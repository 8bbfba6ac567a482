-- The variants that stand for a dense cell, kb.condensing.VARIANTS_KEPT of each: by turns the two ends of a setting
-- and the next most common answer, after the ends of the whole cell. kb/condensing.py says the same.
WITH ends AS (
    SELECT v.*,
           ROW_NUMBER() OVER (PARTITION BY cell ORDER BY hedged, high, class, first) AS lowest,
           ROW_NUMBER() OVER (PARTITION BY cell ORDER BY hedged, low DESC, class DESC, first) AS highest,
           ROW_NUMBER() OVER (PARTITION BY cell, hedged, setting ORDER BY high, class, first) AS low_end,
           ROW_NUMBER() OVER (PARTITION BY cell, hedged, setting ORDER BY low DESC, class DESC, first) AS high_end,
           ROW_NUMBER() OVER (PARTITION BY cell, answer ORDER BY claims DESC, first) AS place,
           SUM(claims) OVER (PARTITION BY cell, hedged, setting) AS held,
           MIN(first) OVER (PARTITION BY cell, hedged, setting) AS name
    FROM variants v
),
turns AS (
    SELECT e.*,
           DENSE_RANK() OVER (PARTITION BY cell ORDER BY held DESC, name) AS by_setting,
           ROW_NUMBER() OVER (
               PARTITION BY cell ORDER BY CASE WHEN place = 1 THEN 0 ELSE 1 END, claims DESC, first
           ) AS by_answer
    FROM ends e
),
given AS (
    SELECT t.*,
           CASE WHEN lowest = 1 OR highest = 1 THEN 0
                WHEN place = 1 AND (low_end > 1 AND high_end > 1 OR by_answer <= by_setting) THEN by_answer
                WHEN low_end = 1 OR high_end = 1 THEN by_setting
                ELSE 1000000000 END AS turn
    FROM turns t
)
SELECT cell, claims, first, last FROM (
    SELECT g.*, ROW_NUMBER() OVER (PARTITION BY cell ORDER BY turn, claims DESC, first) AS kept FROM given g
) x
WHERE kept <= 32
