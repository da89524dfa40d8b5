using System.Text;
using System.Text.RegularExpressions;

namespace OrleansPayments.GrainEngine.Contract.Results;

/// <summary>The recorded results of all engines as a page for people.</summary>
internal static partial class ContractPage
{
    public static string FilePath => Path.Combine(Repository.Root, "docs", "engines", "contract.md");

    public static string Render()
    {
        var results = ContractResults.Engines.Select(engine => (Engine: engine, Results: ContractResults.Read(engine))).ToArray();
        var columns = results
            .SelectMany(engine => engine.Results.Rows.Select(row => row.Mode).Distinct(), (engine, mode) => (engine.Engine, Mode: mode, engine.Results))
            .ToArray();
        var page = new StringBuilder()
            .AppendLine("# The contract, rule by rule")
            .AppendLine()
            .AppendLine("Generated from the recorded results beside it; [README](README.md) says how. The engines were:")
            .AppendLine();
        foreach (var (engine, recorded) in results)
            page.AppendLine($"- {engine}: {recorded.Version}");
        foreach (var rules in ContractRules.Classes)
        {
            page.AppendLine().AppendLine($"## {Words().Replace(rules.Name[..^"Tests".Length], word => " " + word.Value.ToLowerInvariant())}").AppendLine();
            page.AppendLine($"| | {string.Join(" | ", columns.Select(column => Title(column.Engine, column.Mode)))} |");
            page.AppendLine($"|---{string.Concat(columns.Select(_ => "|---"))}|");
            foreach (var rule in ContractRules.Names.Where(name => name.StartsWith(rules.Name + ".", StringComparison.Ordinal)))
            {
                var cells = columns.Select(column =>
                    column.Results.Rows.FirstOrDefault(row => row.Rule == rule && row.Mode == column.Mode)?.Result ?? "not run");
                page.AppendLine($"| {rule[(rules.Name.Length + 1)..].Replace('_', ' ')} | {string.Join(" | ", cells)} |");
            }
        }

        return page.ToString();
    }

    private static string Title(string engine, string mode) => engine == mode ? engine : $"{engine}, {mode}";

    [GeneratedRegex("(?<!^)([A-Z])")]
    private static partial Regex Words();
}
