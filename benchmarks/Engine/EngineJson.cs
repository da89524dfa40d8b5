using System.Runtime;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansPayments.Benchmarks.Reporting;

namespace OrleansPayments.Benchmarks.Engine;

/// <summary>The engine's figures for programs.</summary>
internal static class EngineJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Render(EngineReport report) => new JsonObject
    {
        ["environment"] = new JsonObject
        {
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["cores"] = Environment.ProcessorCount,
            ["server_gc"] = GCSettings.IsServerGC,
            ["gc_latency_mode"] = GCSettings.LatencyMode.ToString(),
        },
        ["options"] = new JsonObject
        {
            ["rounds"] = report.Options.Rounds,
            ["seconds"] = report.Options.Window.Length.TotalSeconds,
            ["warm_up_seconds"] = report.Options.Window.WarmUp.TotalSeconds,
            ["first_warm_up_seconds"] = report.Options.FirstWarmUp.TotalSeconds,
            ["spread_over"] = EngineScenario.Spread,
        },
        ["scenarios"] = new JsonArray([.. report.Options.Scenarios.Select(scenario => Render(report, scenario))]),
    }.ToJsonString(Indented);

    private static JsonObject Render(EngineReport report, EngineScenario scenario) => new()
    {
        ["name"] = scenario.Name,
        ["contestants"] = new JsonArray([
            .. from contestant in report.Contestants
               where report.Rate(scenario, contestant) is not null
               select new JsonObject
               {
                   ["name"] = contestant,
                   ["per_second"] = Render(report.Rate(scenario, contestant)),
                   ["cpu_nanoseconds"] = Render(report.Nanoseconds(scenario, contestant)),
                   ["bytes"] = Render(report.Bytes(scenario, contestant)),
                   ["times_mailbox"] = Render(report.Ratio(scenario, contestant, ContestantNames.Mailbox)),
                   ["times_orleans"] = Render(report.Ratio(scenario, contestant, ContestantNames.Orleans)),
               }]),
    };

    private static JsonObject? Render(Spread? spread) => spread is null ? null : new()
    {
        ["median"] = Math.Round(spread.Median, 3),
        ["min"] = Math.Round(spread.Least, 3),
        ["max"] = Math.Round(spread.Most, 3),
        ["by_round"] = new JsonArray([.. spread.Values.Select(value => JsonValue.Create(Math.Round(value, 3)))]),
    };
}
