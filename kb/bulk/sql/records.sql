-- Every claim that somebody holds, with what it is grouped by and its value in the unit of its property.
-- Open ends are 1e308: all engines compare it alike. "polarity" is what the source now holds.
SELECT c.id, c.source, c.role, c.kind, p.topic, p.cluster, p.compared, p.exclusive, c.property, c.subject,
       COALESCE(c.object, '') AS object, COALESCE(c.than, '') AS than, COALESCE(c.relation, '') AS relation,
       c.certainty, c.duty, c.strength, c.attribution, COALESCE(c.form, '') AS form, COALESCE(c.class, '') AS class,
       CASE WHEN (c.attribution = 'superseded' OR c.certainty = 'denied') = (c.polarity = 'negated')
            THEN 'affirmed' ELSE 'negated' END AS polarity,
       CASE WHEN c.polarity = 'negated' THEN 1 ELSE 0 END AS said_negated,
       CASE WHEN c.certainty = 'possible' OR c.attribution = 'superseded' THEN 1 ELSE 0 END AS hedged,
       CASE WHEN c.form = 'vague' THEN r.low WHEN s.factor IS NULL THEN NULL
            WHEN c.low IS NULL THEN -1e308 ELSE c.low * s.factor END AS low,
       CASE WHEN c.form = 'vague' THEN r.high WHEN s.factor IS NULL THEN NULL
            WHEN c.high IS NULL OR c.bound = 'at_least' THEN 1e308 ELSE c.high * s.factor END AS high,
       COALESCE(c.exact, '') || ' ' || COALESCE(c.bound, '') || ' ' || COALESCE(c.unit, '') AS exact,
       COALESCE(c.wide, 0) AS wide
FROM held c
JOIN kb_property p ON p.property = c.property
LEFT JOIN kb_scale s ON s.property = c.property AND s.unit = c.unit
LEFT JOIN kb_reading r ON r.property = c.property AND r.unit = c.unit AND r.bound = c.bound AND r.printed = c.printed
