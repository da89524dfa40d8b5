using OrleansPayments.GrainEngine.Contract.Results;

namespace OrleansPayments.GrainEngine.Contract;

/// <summary>
/// The recorded results under <c>docs/engines</c>. To record anew: UPDATE_DOCS=1 in the environment of a whole run of this project; the tables are written
/// when it has ended, so these tests judge them in the next run.
/// </summary>
public sealed class ContractPageTests
{
    public static TheoryData<string> Engines => [.. ContractResults.Engines];

    [Fact]
    public void Every_class_of_rules_runs_in_every_mode_of_the_engine()
    {
        foreach (var rules in ContractRules.Classes)
            foreach (var mode in Enum.GetValues<EngineMode>())
            {
                var name = ContractRules.ClassName(mode, rules);
                Assert.Equal(rules, typeof(Contract).Assembly.GetTypes().SingleOrDefault(type => type.Name == name)?.BaseType);
            }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Every_rule_has_a_recorded_result_on_every_engine_and_none_failed(string engine)
    {
        if (RecordingFramework.Records)
            return;
        var rows = ContractResults.Read(engine).Rows;
        Assert.NotEmpty(rows);
        foreach (var mode in rows.GroupBy(row => row.Mode))
            Assert.Equal(ContractRules.Names.Order(StringComparer.Ordinal), mode.Select(row => row.Rule).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(rows, row => row.Result != ContractResult.Passed);
        if (engine == EngineHost.Engine)
            Assert.Equal(Enum.GetValues<EngineMode>().Select(ContractRules.ModeName), rows.Select(row => row.Mode).Distinct());
    }

    [Fact]
    public void The_page_says_what_the_tables_say()
    {
        if (!RecordingFramework.Records)
            Assert.Equal(ContractPage.Render(), File.ReadAllText(ContractPage.FilePath));
    }
}
