"""Words that stand in messages about anything: none of them tells a topic. Folded, without what an apostrophe cuts off."""

_FRENCH = """
a ai alors apres as au aucun aura aussi autre aux avant avec avez avoir avons beaucoup besoin bien bonjour bonsoir bon
bonne ca car ce cela celle celui ces cet cette ceux chaque chez combien comme comment c d dans de depuis des dire dit
dois donc du elle elles en encore entre es est et etait etais etes etre eu eux fait faire fois font ici il ils j je jour
juste l la le les leur leurs lui m ma mais me meme merci mes mettre moi moins mon n ne ni non nos notre nous on ont ou
oui par parce pas peu peut peux plus pour pourquoi pouvez puis qu quand que quel quelle quelles quels quelque qui quoi s
sa salut sans se sera ses si sil son sont sous suis sur svp ta te tes toi ton toujours tous tout toute toutes tres trop
tu un une va vais vas veut veux vers voir vont vos votre voulez vous vu y pharmacie pharmacien pharmacienne client
cliente message question
"""
_ENGLISH = """
about after all also am an and any are as at be because been before but by can could day did do does doing done dont for
from get going good got had has have he hello her here hey hi him his how i if in into is it its just know like made
make many me more much my need new no not now of off oh on one only or other our out over please she should so some than
thank thanks that the their them then there these they thing this those to today too up us very want was we well were
what when where which who why will with would yes you your pharmacy pharmacist customer
"""
COMMON = frozenset(_FRENCH.split()) | frozenset(_ENGLISH.split())
