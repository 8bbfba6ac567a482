-- The claims that detectors compare: all that somebody holds, of dense cells those that stand for the others.
SELECT c.*, 1 AS weight, 0 AS of_variants, 0 AS of_claims
FROM claims c LEFT JOIN dense d ON d.cell = c.cell
WHERE d.cell IS NULL AND c.attribution <> 'hypothetical'
UNION ALL
SELECT c.*, t.weight, t.variants AS of_variants, t.claims AS of_claims FROM claims c JOIN told t ON t.id = c.id
