-- What is surveyed: every held claim on a compared property, with the question that it answers and its answer as text.
-- A ranking is turned so that a pair is asked from one side; what a figure or a ranking is not is left out.
SELECT property, kind, object, source, scope, hedged, form, exact, bound, unit, class,
       CASE WHEN turned = 1 THEN than ELSE subject END AS subject,
       CASE WHEN turned = 1 THEN subject ELSE than END AS than,
       CASE WHEN kind = 'statement' THEN polarity
            WHEN kind = 'comparison' AND turned = 1 AND relation = 'greater' THEN 'less'
            WHEN kind = 'comparison' AND turned = 1 AND relation = 'less' THEN 'greater'
            WHEN kind = 'comparison' THEN relation
            WHEN form = 'class' THEN 'class ' || class
            ELSE form || ' ' || exact || ' ' || bound || ' ' || unit END AS answer
FROM (
    SELECT c.property, c.kind, c.subject, COALESCE(c.object, '') AS object, COALESCE(c.than, '') AS than, c.source,
           c.scope, COALESCE(c.relation, '') AS relation, c.duty, c.strength, COALESCE(c.form, '') AS form,
           COALESCE(c.exact, '') AS exact, COALESCE(c.bound, '') AS bound, COALESCE(c.unit, '') AS unit,
           COALESCE(c.class, '') AS class,
           CASE WHEN c.kind = 'comparison' AND c.than < c.subject THEN 1 ELSE 0 END AS turned,
           CASE WHEN (c.attribution = 'superseded' OR c.certainty = 'denied') = (c.polarity = 'negated')
                THEN 'affirmed' ELSE 'negated' END AS polarity,
           CASE WHEN c.certainty = 'possible' OR c.attribution = 'superseded' THEN 1 ELSE 0 END AS hedged
    FROM claims c
    JOIN kb_property p ON p.property = c.property
    WHERE c.attribution <> 'hypothetical' AND p.compared = 1
) held
WHERE (kind = 'statement' AND duty = 'none' AND NOT (strength = 'superlative' AND polarity = 'negated'))
   OR (kind = 'comparison' AND polarity = 'affirmed')
   OR (kind = 'quantity' AND polarity = 'affirmed' AND form <> '')
