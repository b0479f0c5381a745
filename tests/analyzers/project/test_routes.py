from preship.analyzers.project.routes import CONFIGURATION, Routes

PATHS = (
    "apps/web/package.json",
    "apps/web/app/layout.tsx",
    "apps/web/app/(shop)/layout.tsx",
    "apps/web/app/(shop)/cart/page.tsx",
    "apps/web/app/(shop)/cart/form.tsx",
    "apps/web/app/about/page.tsx",
    "apps/web/components/page.tsx",
)


def test_the_layouts_around_a_page_are_those_of_the_folders_above_it() -> None:
    above = Routes(PATHS).layouts_above("apps/web/app/(shop)/cart/page.tsx")
    assert above == ("apps/web/app/(shop)/layout.tsx", "apps/web/app/layout.tsx")


def test_the_pages_beneath_a_layout_are_those_of_its_folder() -> None:
    routes = Routes(PATHS)
    assert routes.pages_beneath("apps/web/app/(shop)/layout.tsx") == ("apps/web/app/(shop)/cart/page.tsx",)
    assert len(routes.pages_beneath("apps/web/app/layout.tsx")) == 2


def test_only_the_app_directory_has_pages() -> None:
    assert "apps/web/components/page.tsx" not in Routes(PATHS).pages


def test_a_configuration_is_known_by_its_name() -> None:
    assert all(CONFIGURATION.search(name) for name in ("next.config.js", "web/next.config.mjs", "next.config.ts"))
    assert not CONFIGURATION.search("next.config.json")
