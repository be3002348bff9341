"""Prints id, downloads and likes of every model that huggingface_hub lists at HF_ENDPOINT."""

import sys

from huggingface_hub import HfApi

FIELDS = [
    "baseModels", "createdAt", "downloads", "downloadsAllTime", "gated", "library_name", "likes",
    "pipeline_tag", "safetensors", "tags", "trendingScore",
]


def main():
    task = sys.argv[1] if len(sys.argv) > 1 else None
    out = []
    for m in HfApi().list_models(pipeline_tag=task, expand=FIELDS):
        out.append(f"{m.id}\t{m.downloads}\t{m.likes}\n")
    sys.stdout.writelines(out)


if __name__ == "__main__":
    main()
