using System.Text.RegularExpressions;

namespace OrleansPayments.Architecture.Tests;

/// <summary>The rules of the house that a compiler does not know.</summary>
public sealed partial class TidyTests
{
    private const int LongestFile = 400;

    private static readonly IReadOnlyList<string> Sources = Repository.Files("*.cs");

    // This file quotes what it forbids.
    private static readonly IReadOnlyList<string> Others = [.. Sources.Where(file => !file.EndsWith("TidyTests.cs", StringComparison.Ordinal))];

    [Fact]
    public void No_source_is_unfinished() =>
        Assert.DoesNotContain(Others, file => Unfinished().IsMatch(Repository.Read(file)));

    [Fact]
    public void No_source_is_overlong() =>
        Assert.DoesNotContain(Sources, file => Repository.Read(file).Split('\n').Length > LongestFile);

    [Fact]
    public void No_test_is_skipped_for_good() =>
        Assert.DoesNotContain(Others, file => Repository.Read(file).Contains("(Skip =", StringComparison.Ordinal));

    [Fact]
    public void Nothing_blocks_a_thread_to_wait() =>
        Assert.DoesNotContain(Sources, file => Repository.ReadCode(file).Contains("Thread.Sleep(", StringComparison.Ordinal));

    [Fact]
    public void Time_comes_from_a_time_provider() =>
        Assert.DoesNotContain(Sources, file => !file.StartsWith("tests/", StringComparison.Ordinal) && Clock().IsMatch(Repository.ReadCode(file)));

    [Fact]
    public void Durability_is_never_switched_off() =>
        Assert.DoesNotContain(Others, file => Undurable().IsMatch(Repository.Read(file)));

    [Fact]
    public void Links_in_the_docs_lead_somewhere()
    {
        var pages = Repository.Files("*.md");
        Assert.NotEmpty(pages);
        var broken =
            from page in pages
            from Match link in Link().Matches(Repository.Read(page))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, target))
            select $"{page}: {target}";
        Assert.Empty(broken);
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b")]
    private static partial Regex Clock();

    [GeneratedRegex(@"(?i)(fsync|synchronous_commit|full_page_writes)\s*=\s*'?(off|false|0|local)\b")]
    private static partial Regex Undurable();
}
