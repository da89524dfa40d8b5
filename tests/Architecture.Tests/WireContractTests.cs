using System.Reflection;

namespace OrleansPayments.Architecture.Tests;

/// <summary>
/// During a rolling upgrade silos of two releases talk to each other. What they say is recorded in <c>Grains.Interfaces/wire-contracts.txt</c>, the same for
/// either engine, so that nobody changes it without seeing that.
/// </summary>
public sealed class WireContractTests
{
    private const string Record = "Grains.Interfaces/wire-contracts.txt";

    private const string Head = """
        # What silos and clients of different builds say to each other. A line that is here is never changed or removed while a build that knows it may run.
        # Written by Architecture.Tests with UPDATE_DOCS=1 in its environment. Members: id, type, name. Only names may change freely, where id and type stay.

        """;

    private const string Advice = """
        A line with '-' is gone or changed. Silos of the last release still send it and expect it, so it breaks a rolling upgrade: put it back, and add the new
        form beside it under a new alias, method or id. Only a member, value or parameter that is merely called otherwise, with the same id, value or place, is
        harmless. A line with '+' alone is an addition and may be recorded:
            UPDATE_DOCS=1 dotnet test tests/Architecture.Tests --filter WireContractTests
        """;

    private static readonly Assembly Grains = Assembly.Load("OrleansPayments.Grains");
    private static readonly Assembly Interfaces = Assembly.Load("OrleansPayments.Grains.Interfaces");

    [Fact]
    public void What_goes_over_the_wire_is_what_was_recorded()
    {
        var path = Path.Combine(Repository.Root, Record);
        var present = Head + WireContracts.Render(Grains, Interfaces);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") File.WriteAllText(path, present);

        var recorded = File.ReadAllText(path);
        Assert.True(recorded == present, $"The wire contracts are not those of {Record}:\n{string.Join('\n', Differences(recorded, present))}\n{Advice}");
    }

    [Fact]
    public void A_grains_identity_does_not_hang_on_its_class_name() =>
        Assert.All(WireContracts.GrainClasses(Grains), type => Assert.True(
            WireContracts.PinnedGrainType(type) is not null, $"{type.Name} lacks [GrainType]; without it, renaming the class gives every grain of it a new identity."));

    [Fact]
    public void No_two_types_share_an_alias() =>
        Assert.All(WireContracts.Aliases(Grains, Interfaces), alias => Assert.True(
            alias.Count() == 1, $"The alias '{alias.Key}' is claimed by {string.Join(" and ", alias.Select(type => type.FullName))}."));

    private static IEnumerable<string> Differences(string recorded, string present)
    {
        var (before, after) = (Qualified(recorded), Qualified(present));
        return before.Except(after).Select(line => (line, sign: '-')).Concat(after.Except(before).Select(line => (line, sign: '+')))
            .OrderBy(change => change.line, StringComparer.Ordinal).Select(change => $"  {change.sign} {change.line}")
            .DefaultIfEmpty("  (only the order of lines, or the file's head)");
    }

    // Each line with the heading of its block, so that it says what it means where it stands alone.
    private static List<string> Qualified(string text)
    {
        var lines = new List<string>();
        var heading = "";
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] != ' ') heading = line;
            lines.Add(line[0] == ' ' ? $"{heading} | {line.Trim()}" : line);
        }

        return lines;
    }
}
