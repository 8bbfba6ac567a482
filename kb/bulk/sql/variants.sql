-- The claims of a dense cell that differ in nothing that detectors look at, and where their answer lies on a line: on
-- the upper or lower "side" of a question, or between the ends of a figure.
SELECT x.cell, x.answer, x.setting, COUNT(*) AS claims, MIN(x.id) AS first, MAX(x.id) AS last,
       MAX(CASE WHEN x.certainty = 'possible' OR x.attribution = 'superseded' THEN 1 ELSE 0 END) AS hedged,
       MAX(COALESCE(x.class, '')) AS class,
       MAX(CASE WHEN x.side IS NOT NULL THEN x.side
                WHEN x.form = 'vague' THEN COALESCE(r.low, 0e0)
                WHEN s.factor IS NULL THEN 0e0
                WHEN x.low IS NULL THEN -1e308 ELSE x.low * s.factor END) AS low,
       MAX(CASE WHEN x.side IS NOT NULL THEN x.side
                WHEN x.form = 'vague' THEN COALESCE(r.high, 0e0)
                WHEN s.factor IS NULL THEN 0e0
                WHEN x.high IS NULL OR x.bound = 'at_least' THEN 1e308 ELSE x.high * s.factor END) AS high
FROM (
    SELECT c.id, c.cell, c.answer, c.setting, c.property, c.certainty, c.attribution, c.form, c.class, c.unit, c.bound,
           c.printed, c.low, c.high,
           CASE WHEN c.kind = 'statement'
                THEN CASE WHEN (c.attribution = 'superseded' OR c.certainty = 'denied') = (c.polarity = 'negated')
                          THEN 1e0 ELSE 0e0 END
                WHEN c.kind = 'comparison'
                THEN CASE c.relation WHEN 'greater' THEN 1e0 WHEN 'less' THEN -1e0 ELSE 0e0 END END AS side
    FROM claims c JOIN dense d ON d.cell = c.cell
    WHERE c.attribution <> 'hypothetical'
) x
LEFT JOIN kb_scale s ON s.property = x.property AND s.unit = x.unit
LEFT JOIN kb_reading r ON r.property = x.property AND r.unit = x.unit AND r.bound = x.bound AND r.printed = x.printed
GROUP BY x.cell, x.answer, x.setting
