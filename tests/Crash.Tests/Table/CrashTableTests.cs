using Xunit.Abstractions;

namespace OrleansPayments.Crash.Tests.Table;

/// <summary>Every row of docs/crash-table.md, as the last run found it.</summary>
public sealed class CrashTableTests(CrashTable table, ITestOutputHelper output) : IClassFixture<CrashTable>
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "crash-table.md");

    public static IEnumerable<object[]> Names => CrashTable.AllRows().Select(row => new object[] { row.Moment.NameFor(row.Flow), row.Flow.Name, row.Afterwards });

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_lost_or_done_twice(string killedAt, string running, string merchant)
    {
        var row = table.Rows.Single(row => row.Name == $"{killedAt} | {running} | {merchant}");
        Assert.Empty(row.Complaints);
        Assert.Equal(Recorded().Split('\n').SingleOrDefault(line => line.StartsWith($"| {row.Name} |", StringComparison.Ordinal)), CrashPage.Line(row));
    }

    [Fact]
    public void The_page_is_what_the_run_found()
    {
        foreach (var timing in table.Timings) output.WriteLine(timing);
        Assert.Empty(table.Complaints);
        Assert.Equal(CrashPage.Render(table.Rows), Recorded());
    }

    private string Recorded()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") File.WriteAllText(Page, CrashPage.Render(table.Rows));
        return File.ReadAllText(Page);
    }
}
