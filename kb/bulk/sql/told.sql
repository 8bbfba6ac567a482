-- The claims that stand for others: by how many, and of how many variants and claims in the cell.
SELECT k.id, k.weight, t.variants, t.claims
FROM (
    SELECT first AS id, cell, CASE WHEN first = last THEN claims ELSE claims - 1 END AS weight FROM chosen
    UNION ALL
    SELECT last AS id, cell, 1 AS weight FROM chosen WHERE first <> last
) k
JOIN (SELECT cell, COUNT(*) AS variants, SUM(claims) AS claims FROM variants GROUP BY cell) t ON t.cell = k.cell
