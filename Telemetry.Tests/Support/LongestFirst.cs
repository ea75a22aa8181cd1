using Telemetry.Tests.EndToEnd;
using Telemetry.Tests.History;
using Telemetry.Tests.Ingest;
using Telemetry.Tests.Playback;
using Telemetry.Tests.Settings;
using Telemetry.Tests.Stream;
using Telemetry.Tests.Support;
using Telemetry.Tests.Vehicles;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Telemetry.Tests.Support;

/// <summary>Starts the classes that take longest first: the tests of a class run one after the other, and none is to be left alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    static readonly Type[] Long =
    [
        typeof(StoreAndForwardTests), typeof(AcknowledgementTests), typeof(ServerFaultTests), typeof(OldValueTests), typeof(HistoryLoadTests), typeof(AccessibilityTests), typeof(DashboardTests), typeof(PlayedBackTests),
        typeof(PlaybackSocketTests), typeof(DrivePlayerTests), typeof(LoginPageTests), typeof(HistoryPagesTests), typeof(GapFillTests), typeof(DiskFaultTests), typeof(VehicleChoiceTests),
        typeof(AnalyticsTests), typeof(FirstVisitTests), typeof(HistoryTests), typeof(PlaybackRefusalTests), typeof(LayoutTests), typeof(BlockedSocketTests), typeof(VehicleChangeTests), typeof(MalformedBrokerTests),
        typeof(RangeChoiceTests), typeof(DrivesPageTests), typeof(TransitionLogTests), typeof(FuzzTests), typeof(StoreIdTests), typeof(WriterLeaseTests), typeof(StartTests), typeof(HandleLimitTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(Place).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    static int Place<TTestCollection>(TTestCollection collection) where TTestCollection : ITestCollection =>
        Array.FindIndex(Long, type => collection.TestCollectionDisplayName.Contains($"{type.FullName} ", StringComparison.Ordinal)) is var place and >= 0 ? place : Long.Length;
}
