-- The claims of a dense cell that differ in nothing that detectors look at, and where their answer lies on a line.
SELECT c.cell, c.answer, c.setting, COUNT(*) AS claims, MIN(c.id) AS first, MAX(c.id) AS last,
       MAX(CASE WHEN c.certainty = 'possible' OR c.attribution = 'superseded' THEN 1 ELSE 0 END) AS hedged,
       MAX(COALESCE(c.class, '')) AS class,
       MAX(CASE WHEN c.kind = 'statement'
                THEN CASE WHEN (c.attribution = 'superseded' OR c.certainty = 'denied') = (c.polarity = 'negated')
                          THEN 1e0 ELSE 0e0 END
                WHEN c.kind = 'comparison'
                THEN CASE c.relation WHEN 'greater' THEN 1e0 WHEN 'less' THEN -1e0 ELSE 0e0 END
                WHEN c.form = 'vague' THEN COALESCE(r.low, 0e0)
                WHEN s.factor IS NULL THEN 0e0
                WHEN c.low IS NULL THEN -1e308 ELSE c.low * s.factor END) AS low,
       MAX(CASE WHEN c.kind = 'statement'
                THEN CASE WHEN (c.attribution = 'superseded' OR c.certainty = 'denied') = (c.polarity = 'negated')
                          THEN 1e0 ELSE 0e0 END
                WHEN c.kind = 'comparison'
                THEN CASE c.relation WHEN 'greater' THEN 1e0 WHEN 'less' THEN -1e0 ELSE 0e0 END
                WHEN c.form = 'vague' THEN COALESCE(r.high, 0e0)
                WHEN s.factor IS NULL THEN 0e0
                WHEN c.high IS NULL OR c.bound = 'at_least' THEN 1e308 ELSE c.high * s.factor END) AS high
FROM claims c
JOIN dense d ON d.cell = c.cell
LEFT JOIN kb_scale s ON s.property = c.property AND s.unit = c.unit
LEFT JOIN kb_reading r ON r.property = c.property AND r.unit = c.unit AND r.bound = c.bound AND r.printed = c.printed
WHERE c.attribution <> 'hypothetical'
GROUP BY c.cell, c.answer, c.setting
