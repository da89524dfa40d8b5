using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>The one list of errors, and the page that is generated from it.</summary>
public sealed class ProblemCatalogueTests
{
    [Fact]
    public void Every_refusal_of_a_grain_has_a_row()
    {
        foreach (var code in Enum.GetValues<RefusalCode>()) Assert.Contains(ProblemCatalogue.Of(code), ProblemCatalogue.All);
    }

    [Fact]
    public void Every_row_that_exists_is_listed_once()
    {
        var declared = typeof(ProblemCatalogue).GetProperties().Where(property => property.PropertyType == typeof(ProblemKind))
            .Select(property => (ProblemKind)property.GetValue(null)!).ToList();
        Assert.Equal(declared.OrderBy(kind => kind.Code, StringComparer.Ordinal), ProblemCatalogue.All.OrderBy(kind => kind.Code, StringComparer.Ordinal));
        Assert.Equal(declared.Count, declared.Select(kind => kind.Code).Distinct().Count());
    }

    [Fact]
    public void Codes_are_snake_case_and_statuses_are_errors() => Assert.All(ProblemCatalogue.All, kind =>
    {
        Assert.Matches("^[a-z]+(_[a-z]+)*$", kind.Code);
        Assert.InRange(kind.Status, 400, 599);
        Assert.False(string.IsNullOrWhiteSpace(kind.Title));
        Assert.False(string.IsNullOrWhiteSpace(kind.Remedy));
    });

    [Fact]
    public void Rows_are_in_the_order_of_their_status() =>
        Assert.Equal(ProblemCatalogue.All.Select(kind => kind.Status).Order(), ProblemCatalogue.All.Select(kind => kind.Status));

    // To write the page anew: UPDATE_DOCS=1 in the environment of this test.
    [Fact]
    public void The_docs_page_is_what_the_catalogue_says()
    {
        var page = Path.Combine(Repository.Root, "docs", "errors.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") File.WriteAllText(page, ErrorsPage.Render());
        Assert.Equal(ErrorsPage.Render(), File.ReadAllText(page));
    }
}
