namespace OrleansPayments.GrainEngine.Contract.Results;

/// <summary>What the rules came to on one engine: a table under <c>docs/engines</c>, with the engine's version in its first line.</summary>
internal sealed record ContractResults(string Version, IReadOnlyList<ContractResult> Rows)
{
    private const string Header = "rule\tmode\tresult";

    /// <summary>The engines whose results are recorded, in the order of the page's columns.</summary>
    public static IReadOnlyList<string> Engines { get; } = ["embedded", "orleans"];

    public static ContractResults Read(string engine)
    {
        var lines = File.ReadAllLines(PathOf(engine));
        Assert.Equal(Header, lines[1]);
        var rows = lines[2..].Select(line => line.Split('\t')).Select(cells => new ContractResult(cells[0], cells[1], cells[2]));
        return new(lines[0].TrimStart('#', ' '), [.. rows]);
    }

    public void Write(string engine)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(engine))!);
        File.WriteAllLines(PathOf(engine), [$"# {Version}", Header, .. Rows.Select(row => $"{row.Rule}\t{row.Mode}\t{row.Result}")]);
    }

    private static string PathOf(string engine) => Path.Combine(Repository.Root, "docs", "engines", $"contract-{engine}.tsv");
}
