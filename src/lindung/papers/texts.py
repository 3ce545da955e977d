from lindung.base.messages import N_, Text, declare

declare(
    {
        "papers.template_wrong": Text(
            N_("The template {file} cannot be set: {problem}."),
            N_("Correct the template or remove it; the built-in one is used then."),
        ),
        "papers.crest_unknown": Text(
            N_("The city crest is neither a PNG, a JPEG nor an SVG file."),
            N_("Save the picture as PNG and choose it again."),
        ),
    }
)
