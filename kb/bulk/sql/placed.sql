-- A row for every comparison group in which a held claim is compared (with its topic, a family is a group). What a
-- figure or a ranking is not leaves open what it is.
SELECT x.*, m.family
FROM records x
JOIN members m ON m.id = x.id
WHERE x.kind = 'statement' OR x.polarity = 'affirmed'
