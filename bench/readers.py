"""Other people's readers over the same reports: how many sentences a second of processor time. Run in an environment
of their own, which bench/parts/reading.py makes; prints one JSON object."""

from __future__ import annotations

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

TERMS = ["nodule", "mass", "pneumothorax", "effusion", "pleural effusion", "consolidation", "fracture", "hemorrhage", "infarct", "edema",
         "cardiomegaly", "atelectasis", "opacity", "pneumonia", "pulmonary embolism", "emphysema", "lymphadenopathy", "stone", "cyst", "lesion",
         "hydronephrosis", "disc bulge", "stenosis", "aneurysm", "calcification", "metastasis", "hernia", "tear", "dislocation", "midline shift"]


def negspacy():
    import spacy
    from negspacy.negation import Negex  # noqa: F401  (registers the pipe)

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "FINDING", "pattern": term} for term in TERMS])
    nlp.add_pipe("negex", config={"ent_types": ["FINDING"]})
    return nlp


def medspacy():
    import medspacy
    from loguru import logger
    from medspacy.ner import TargetRule

    # Each token is logged otherwise, which costs more than reading it.
    logger.remove()

    nlp = medspacy.load()
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(term, "FINDING") for term in TERMS])
    return nlp


def main() -> int:
    name, path = sys.argv[1:]
    nlp = {"negspacy": negspacy, "medspacy": medspacy}[name]()
    with open(path, encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    for text in texts[:10]:
        nlp(text)
    start, sentences, findings = time.process_time(), 0, 0
    for text in texts:
        document = nlp(text)
        sentences += sum(1 for _ in document.sents)
        findings += len(document.ents)
    used = time.process_time() - start
    print(json.dumps({"seconds": used, "sentences": sentences, "findings": findings, "reports": len(texts)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
