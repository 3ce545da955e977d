from lindung.base.messages import N_, Text, declare

declare(
    {
        "scheme.not_among_files": Text(
            N_("There is no scheme file “{scheme}”."), N_("`lindung schemes list` shows those there are.")
        ),
        "account.unknown": Text(
            N_("There is no account “{login}”."), N_("Ask the administrator of your city.")
        ),
        "file.no_access": Text(
            N_("{file} cannot be read or written ({problem})."), N_("Check the folder and your rights in it.")
        ),
        "units.columns": Text(
            N_("{file} lacks the columns {columns}."),
            N_("Begin the file with: code,name,kind,region_code,parent,npp,branch."),
        ),
    }
)
