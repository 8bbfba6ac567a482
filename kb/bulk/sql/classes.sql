-- V004: one thing, or a thing and a case of it, is put into different classes.
SELECT topic, family, cluster FROM placed
WHERE compared = 1 AND form = 'class' AND hedged = 0
GROUP BY topic, family, cluster, property
HAVING MIN(class) <> MAX(class)
