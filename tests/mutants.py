"""Ten sound actions of the app `tasks`, each with the mistake that makes a hole of it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.app import files

APP = files("main", "tasks")
TASKS, PROJECTS = "src/app/tasks/actions.ts", "src/app/projects/actions.ts"
ADMIN, PROFILE = "src/app/admin/actions.ts", "src/app/profile/actions.ts"
SIGNED_IN = "  if (!session?.user?.id) throw new Error('Sign in first')\n"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One action with a mistake in it."""

    action: str
    path: str
    rule: str
    """What finds it."""

    sound: str
    """Text of the action, which stands once behind the action's name."""

    mistaken: str

    @property
    def text(self) -> str:
        """The file with the mistake."""
        return self.made_in(APP[self.path])

    def made_in(self, text: str) -> str:
        """The mistake in a text of the file."""
        before, name, behind = text.partition(f"function {self.action}(")
        assert self.sound in behind, self
        return before + name + behind.replace(self.sound, self.mistaken, 1)


MUTANTS = (
    Mutant("renameProject", PROJECTS, "missing-authentication", "  await requireProject(projectId)\n", ""),
    Mutant("removeLabel", ADMIN, "missing-authentication", "  await requireAdmin()\n", ""),
    Mutant("finishAll", PROJECTS, "missing-ownership-check", "requireProject(projectId)", "requireUser()"),
    Mutant("removeProject", PROJECTS, "unenforced-session", "await requireProject", "requireProject"),
    Mutant("finishTask", TASKS, "missing-ownership-check", "id: taskId, ownerId: user.id", "id: taskId"),
    Mutant("renameTask", TASKS, "missing-ownership-check", "id: taskId, ownerId: user.id", "id: taskId"),
    Mutant("addTask", TASKS, "mass-assignment", "title: task.title, ownerId", "...input, ownerId"),
    Mutant("saveProfile", PROFILE, "mass-assignment", "data: profile", "data: input"),
    Mutant("addFeedback", PROFILE, "unenforced-session", SIGNED_IN, ""),
    Mutant("importTask", PROJECTS, "error-message-leak", "'The task could not be imported.'", "(error as Error).stack"),
)


def all_at_once() -> dict[str, str]:
    """The app with all ten mistakes."""
    texts = dict(APP)
    for mutant in MUTANTS:
        texts[mutant.path] = mutant.made_in(texts[mutant.path])
    return texts
