using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Routing;

namespace OrleansPayments.Grains.Tests.Routing;

/// <summary>Which of a connector's fees applies.</summary>
public sealed class ConnectorFeesTests
{
    private static readonly string[] FromMostSpecific =
        ["card/visa/USD", "card/visa/*", "card/*/USD", "card/*/*", "*/visa/USD", "*/visa/*", "*/*/USD", "*/*/*"];

    public static TheoryData<string, string, string, long> Cases()
    {
        var data = new TheoryData<string, string, string, long>();
        foreach (var line in Repository.Read("tests/Grains.Tests/Routing/fee-cases.txt").Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var cells = line.Split(';', StringSplitOptions.TrimEntries);
            data.Add(cells[0], cells[1], cells[2], Situation.Number(cells[3]));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_most_specific_that_is_in_force_applies(string name, string fees, string payment, long expected)
    {
        ImmutableArray<ConnectorFee> table = [.. Situation.Words(fees, ' ').Select(Situation.Fee)];
        var fee = ConnectorFees.FeeOf(table, Situation.Request(payment.Length > 0 && payment.Contains("on=", StringComparison.Ordinal) ? payment : $"on=2026-06-15,{payment}"));
        Assert.True(expected == fee, $"{name}: {fee}, not {expected}.");
    }

    [Fact]
    public void There_are_cases_enough_and_no_two_of_the_same_name()
    {
        var names = Cases().Select(row => (string)row[0]).ToList();
        Assert.True(names.Count >= 30, $"{names.Count}");
        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_fee_gives_way_to_each_that_is_more_specific_whatever_their_order()
    {
        var request = Situation.Request("");
        for (var more = 0; more < FromMostSpecific.Length; more++)
        {
            for (var less = more + 1; less < FromMostSpecific.Length; less++)
            {
                ImmutableArray<ConnectorFee> fees = [Situation.Fee(FromMostSpecific[more] + ":0+1"), Situation.Fee(FromMostSpecific[less] + ":0+2")];
                Assert.Equal(1, ConnectorFees.FeeOf(fees, request));
                Assert.Equal(1, ConnectorFees.FeeOf([.. fees.Reverse()], request));
            }
        }
    }
}
