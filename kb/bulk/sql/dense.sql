-- Cells of so many claims that only the telling ones are compared: more than kb.condensing.CELL_WHOLE.
SELECT cell, COUNT(*) AS claims FROM claims WHERE attribution <> 'hypothetical' GROUP BY cell HAVING COUNT(*) > 64
