"""The errors of this subset for what it does not have."""

from server_workers.refusals import sentence

# Options that only affect FastAPI's documentation pages: accepted without effect, since those pages are not here.
FOR_DOCUMENTATION = frozenset(
    "title summary description version tags tags_metadata openapi_tags openapi_url docs_url redoc_url terms_of_service "
    "contact license_info operation_id include_in_schema deprecated responses response_description name debug "
    "openapi_extra generate_unique_id_function example examples alias_priority".split()
)


def missing_name(module, name):
    """For a module's `__getattr__`: a name that FastAPI has raises an error that explains, any other name Python's own."""
    if name.startswith("__"):
        raise AttributeError(f"module {module!r} has no attribute {name!r}")
    raise ImportError(sentence("subset", name=f"{module}.{name}"), name=module)


def check_options(where, given):
    for name in given:
        if name not in FOR_DOCUMENTATION:
            raise TypeError(sentence("subset", name=f"{where}({name}=…)"))


def lacking(what):
    """An exception for a missing name."""
    return TypeError(sentence("subset", name=what))
